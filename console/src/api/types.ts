/** Short names for the generated shapes, one word for one thing. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type Role = Schemas["Role"];
export type UserRole = Schemas["UserRole"];
export type Session = Schemas["Session"];
export type User = Schemas["User"];
export type ServiceToken = Schemas["ServiceToken"];
export type Status = Schemas["Status"];
export type Receiver = Schemas["Receiver"];
export type ReceiverToken = Schemas["TokenStatus"];
export type ReceiverChannel = Schemas["ChannelStatus"];
export type ReceiverDraft = Schemas["ReceiverDraft"];
export type TestAnswer = Schemas["SlackTest"];
export type TestResult = Schemas["SlackTestResult"];
export type Condition = Schemas["Condition"];
export type Operator = Schemas["Operator"];
export type Grouping = Schemas["Grouping"];
export type GroupingUpdate = Schemas["GroupingUpdate"];
export type Alert = Schemas["Alert"];
export type AlertState = Schemas["AlertState"];
export type AlertReceiver = Schemas["AlertReceiver"];
export type InhibitedBy = Schemas["InhibitedBy"];
export type Severity = Schemas["PolicySeverity"];
export type Policy = Schemas["Policy"];
export type PolicyDraft = Schemas["PolicyDraft"];
export type PolicyTemplate = Schemas["Template"];
export type TemplateChoice = Schemas["TemplateChoice"];
export type PolicyTemplates = Schemas["PolicyTemplates"];
/** A server may say with the preview what the alerts would say; the policy form takes that over. */
export type PolicyPreview = Schemas["PolicyPreview"];
export type Comparator = Schemas["Comparator"];
export type Delivery = Schemas["Delivery"];
export type DeliveryDetail = Schemas["DeliveryDetail"];
export type DeliveryState = Schemas["DeliveryState"];
