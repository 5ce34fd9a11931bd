// SPDX-License-Identifier: Apache-2.0
// Names without hashes and one bundle: the built files lie in the tree (docs/adr/011-web-bundle.md), and a
// change of one line must not rename them.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [svelte()],
  build: {
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: "assay.js",
        chunkFileNames: "[name].js",
        assetFileNames: "assay[extname]",
        inlineDynamicImports: true,
      },
    },
  },
});
