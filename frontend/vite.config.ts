import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` passes the API on to a running stack; OUTLAY_API_URL names another one.
const api = process.env.OUTLAY_API_URL ?? "http://127.0.0.1:8080";
const proxy = { "/v1": { target: api }, "/.well-known": { target: api } };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  server: { host: "127.0.0.1", proxy },
  preview: { host: "127.0.0.1", proxy },
  build: { target: "es2023", chunkSizeWarningLimit: 800 },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
