import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { end, needed } from "./house";

const RULES = `
groups:
  - name: tank
    rules:
      - alert: TankTooFull
        expr: tank_level > 80
        labels: { severity: critical }
        annotations: { summary: "The tank is {{ $value }} % full" }
`;

/** A real Prometheus that watches a tank and sends its alerts to Larum. */
export interface Watch {
  /** Fills the tank to so many percent. */
  fill: (percent: number) => void;
  close: () => Promise<void>;
}

/** Starts Prometheus, unpacked from Debian's package, with a rule file and Larum as its Alertmanager. */
export async function watchTank(larum: string, percent: number): Promise<Watch> {
  let level = percent;
  const tank = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/plain; version=0.0.4").end(`tank_level ${String(level)}\n`);
  });
  const target = await listen(tank);
  const folder = await mkdtemp(join(tmpdir(), "larum-prometheus-"));
  await writeFile(join(folder, "rules.yml"), RULES);
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(larum).host] }] }] },
    scrape_configs: [{ job_name: "tank", static_configs: [{ targets: [target] }] }],
  };
  // Whatever is JSON is YAML as well.
  await writeFile(join(folder, "prometheus.yml"), JSON.stringify(config));
  const prometheus = start(folder);
  return {
    fill: (wanted) => {
      level = wanted;
    },
    close: async () => {
      await end(prometheus);
      tank.closeAllConnections();
      await new Promise((resolve) => tank.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function start(folder: string): ChildProcess {
  const flags = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "series")}`,
    "--web.listen-address=127.0.0.1:0",
    "--rules.alert.resend-delay=1s",
  ];
  return spawn(needed("LARUM_TEST_PROMETHEUS"), flags, { stdio: "ignore" });
}
