import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { mockServer } from "./dev/mock/plugin";

/** Where `npm run dev` finds a running Larum. */
const larum = process.env["LARUM_URL"] ?? "http://127.0.0.1:9093";

export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === "mock" ? [mockServer()] : [])],
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
  test: {
    environment: "happy-dom",
    setupFiles: ["dev/test-setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
}));
