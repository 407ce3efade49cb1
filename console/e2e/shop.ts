import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A cluster that says of its workloads what kube-state-metrics would. */
export interface Shop {
  /** A file that says where to scrape it. */
  config: string;
  /** Lets so many replicas of the Deployment `checkout` be available, of three. */
  leave: (replicas: number) => void;
  close: () => Promise<void>;
}

/** Opens a cluster with the Deployments `checkout` and `catalog` in the namespace `shop`. */
export async function openShop(): Promise<Shop> {
  let available = 3;
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/plain; version=0.0.4").end(exposition(available));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(join(tmpdir(), "larum-shop-"));
  const config = join(folder, "prometheus.yml");
  const target = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const scrape = { job_name: "kube-state-metrics", scrape_interval: "1s", scrape_timeout: "1s", static_configs: [{ targets: [target] }] };
  // Whatever is JSON is YAML as well.
  await writeFile(config, JSON.stringify({ scrape_configs: [scrape] }));
  return {
    config,
    leave: (replicas) => {
      available = replicas;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function exposition(available: number): string {
  const lines = ["# HELP kube_deployment_status_replicas_available Available pods of a deployment.", "# TYPE kube_deployment_status_replicas_available gauge"];
  for (const [name, count] of [["checkout", available], ["catalog", 3]] as const) {
    const labels = `{namespace="shop",deployment="${name}"}`;
    lines.push(`kube_deployment_status_replicas_available${labels} ${String(count)}`, `kube_deployment_spec_replicas${labels} 3`);
  }
  return `${lines.join("\n")}\n`;
}
