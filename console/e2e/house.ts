import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** How long anything may take before a story gives up. */
const PATIENCE_MS = 30_000;

const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How a page is looked at. */
const LOOKS = [
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "phone", width: 390, colorScheme: "dark" },
  { name: "light", width: 1280, colorScheme: "light" },
] as const;

/** A message as the sandbox has it. */
export interface Message {
  seq: number;
  channel_name: string;
  author: string;
  message: { text: string; attachments?: unknown[] };
}

/** A running Larum with the sandbox as its Slack, on a data directory of its own, and a browser to look at it. */
export interface House {
  /** Where Larum is, without a slash at the end. */
  address: string;
  /** Its process. */
  larum: ChildProcess;
  sandbox: string;
  data: string;
  botToken: string;
  userToken: string;
  browser: Browser;
  /** A person with a browser of their own. */
  person: () => Promise<Person>;
  /** Runs one of the binary's commands to its end and answers what it printed. */
  command: (args: string[]) => Promise<string>;
  /** The messages of a channel, once there are `count` of them. */
  hears: (channel: string, count: number) => Promise<Message[]>;
  close: () => Promise<void>;
}

export interface Person {
  page: Page;
  context: BrowserContext;
  /** Takes pictures of the page into the folder for pictures: light, dark, and as on a phone. */
  picture: (name: string) => Promise<void>;
  /** What went wrong in the page itself so far: errors of scripts, and what its content security policy forbade. */
  troubles: string[];
}

/** What `cargo xtask test --browser` says in the environment. */
export function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test --browser\`, which installs and sets it.`);
  return value;
}

/** Listens to what a page complains about. Answers that say no are part of these stories and no trouble. */
function troublesOf(page: Page): string[] {
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) troubles.push(message.text());
  });
  return troubles;
}

/** Starts one of the binary's commands and answers the address that it says it listens on. */
async function start(args: string[]): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(needed("LARUM_TEST_BINARY"), args, { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said.push(chunk);
      const listening = /msg="Listening on" address=(\S+)/.exec(said.join(""));
      if (listening?.[1]) resolve(listening[1]);
    });
    child.once("exit", () => {
      reject(new Error(`larum ${args.join(" ")} ended: ${said.join("")}`));
    });
  });
  return { child, address };
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** Opens a house for a story, whose name begins the names of its pictures; `flags` are the binary's beside the usual. */
export async function open(story: string, flags: string[] = []): Promise<House> {
  return openWith(story, (sandbox) => ["serve", "--slack-api-url", `${sandbox}/api/`, ...flags]);
}

/**
 * Opens a house in an Alertmanager's place, with a file that is written once it is known where the sandbox stands, below
 * `prefix`.
 */
export async function openAlertmanager(story: string, file: string, config: (sandbox: string) => string, prefix = ""): Promise<House> {
  return openWith(
    story,
    async (sandbox) => {
      await writeFile(file, config(sandbox));
      const place = prefix === "" ? [] : ["--web.external-url", `http://127.0.0.1:9093${prefix}`];
      return ["alertmanager", "--config.file", file, ...place];
    },
    prefix,
  );
}

/** `argumentsFor` says how the binary is started, once it is known where the sandbox stands. */
async function openWith(story: string, argumentsFor: (sandbox: string) => string[] | Promise<string[]>, prefix = ""): Promise<House> {
  const data = await mkdtemp(join(tmpdir(), "larum-e2e-"));
  const slack = await start(["sandbox", "--listen", "127.0.0.1:0"]);
  const sandbox = `http://${slack.address}`;
  const larum = await start([...(await argumentsFor(sandbox)), "--storage.path", data, "--web.listen-address", "127.0.0.1:0"]);
  const state = await (await fetch(`${sandbox}/_sandbox/state`)).text();
  const token = (kind: string) => new RegExp(`${kind}-[\\w-]+`).exec(state)?.[0] ?? "";
  const browser = await chromium.launch({ executablePath: needed("LARUM_TEST_CHROMIUM"), args: BROWSER_FLAGS });
  let pictures = 0;

  const person: House["person"] = async () => {
    const context = await browser.newContext({ baseURL: `http://${larum.address}`, viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const picture = async (name: string) => {
      pictures += 1;
      const start = join(needed("LARUM_TEST_PICTURES"), `${story}-${String(pictures).padStart(2, "0")}-${name}`);
      for (const look of LOOKS) {
        await page.setViewportSize({ width: look.width, height: 900 });
        await page.emulateMedia({ colorScheme: look.colorScheme });
        // A window as high as the page leaves what is fixed to its edges where it belongs.
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width: look.width, height: Math.max(900, height) });
        await page.screenshot({ path: `${start}-${look.name}.png` });
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    };
    return { page, context, picture, troubles: troublesOf(page) };
  };

  const hears: House["hears"] = async (channel, count) => {
    const query = `channel=${encodeURIComponent(channel)}&count=${String(count)}&wait_ms=60000`;
    const answer = await fetch(`${sandbox}/_sandbox/messages?${query}`);
    return ((await answer.json()) as { messages: Message[] }).messages;
  };

  const command: House["command"] = async (args) => (await promisify(execFile)(needed("LARUM_TEST_BINARY"), args)).stdout;

  const close = async () => {
    await browser.close();
    await end(larum.child);
    await end(slack.child);
    await rm(data, { recursive: true, force: true });
  };

  return {
    address: `http://${larum.address}${prefix}`,
    larum: larum.child,
    sandbox,
    data,
    botToken: token("xoxb"),
    userToken: token("xoxp"),
    browser,
    person,
    command,
    hears,
    close,
  };
}

/** The one-time password of the first administrator. */
export async function oneTimePassword(house: House): Promise<string> {
  return (await readFile(join(house.data, "initial-password"), "utf8")).trim();
}
