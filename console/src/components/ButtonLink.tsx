import { Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ReactNode, Ref } from "react";

type AnchorProps = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & { ref?: Ref<HTMLAnchorElement> };

function Anchor({ ref, ...props }: AnchorProps) {
  return <Button ref={ref} component="a" {...props} />;
}

const RoutedButton = createLink(Anchor);

/** A link that looks like a button. `link` comes from `paths`. */
export function ButtonLink({ link, children, ...props }: ButtonProps & { link: { to: string }; children: ReactNode }) {
  return (
    <RoutedButton {...link} {...props}>
      {children}
    </RoutedButton>
  );
}
