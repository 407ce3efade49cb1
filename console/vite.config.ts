import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { mockServer } from "./dev/mock/plugin.ts";

/** Where `npm run dev` finds a running Larum. */
const larum = process.env["LARUM_URL"] ?? "http://127.0.0.1:9093";

/** Mantine sets styles in attributes and in one style element; nothing else is inline. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === "mock" ? [mockServer()] : [])],
  // The server writes into each page how far up the files are: see `src/base.ts`.
  base: "./",
  build: {
    outDir: "dist",
    // The content security policy forbids inline assets of every kind.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
  },
  server: {
    host: "127.0.0.1",
    proxy: mode === "mock" ? undefined : { "/api": { target: larum, changeOrigin: true } },
  },
  // What the server sends with every page, so that `npm run preview:mock` shows what it breaks.
  preview: { host: "127.0.0.1", headers: { "content-security-policy": contentSecurityPolicy } },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://localhost/" } },
    // The pages are drawn whole; two busy cores need their time.
    testTimeout: 30_000,
    setupFiles: ["dev/test-setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // The editor's parts know each other only if all of them come from the same files.
    server: { deps: { inline: [/codemirror/, /lezer/] } },
    alias: [{ find: /^@prometheus-io\/codemirror-promql$/, replacement: "@prometheus-io/codemirror-promql/dist/esm/index.js" }],
  },
}));
