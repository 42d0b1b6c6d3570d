// Builds what the pages load into src/genba/web/static/built, named by content, with a manifest
// the templates read. Third-party notices go beside the bundles.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

/** Collect the licence of every package that ended up in a bundle. */
function notices() {
  const used = new Map();
  return {
    name: "notices",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.moduleIds ?? []) {
          const at = id.lastIndexOf("node_modules/");
          if (at < 0) continue;
          const parts = id.slice(at + 13).split("/");
          const name = parts[0].startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
          used.set(name, join(id.slice(0, at + 13), name));
        }
      }
      const texts = [...used].sort().map(([name, folder]) => {
        const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
        const text = file ? readFileSync(join(folder, file), "utf8").trim() : about.license;
        return `${name} ${about.version} (${about.license ?? "see below"})\n\n${text}\n`;
      });
      this.emitFile({
        type: "asset",
        fileName: "NOTICES.txt",
        source: `The bundles in this folder contain:\n\n${texts.join(`\n${"-".repeat(72)}\n\n`)}`,
      });
    },
  };
}

/** Keep a compressed copy of every text beside it, for the static file server. */
function compressed() {
  return {
    name: "compressed",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [name, one] of Object.entries(bundle)) {
          if (!/\.(js|css)$/.test(name)) continue;
          const source = one.type === "chunk" ? one.code : one.source;
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) });
        }
      },
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [notices(), compressed()],
  build: {
    outDir: "../src/genba/web/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // the first that know light-dark()
    assetsInlineLimit: 0,
    rollupOptions: { input: ["src/app.js", "src/app.css"] },
  },
});
