import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import type { Plugin, UserConfig } from 'vite';

/** How every page of the product is built: hashed files only, nothing inline, so that the strictest content security policy holds. */
export function pages(options: { api?: string; serviceWorker?: (files: readonly string[], version: string) => string } = {}): UserConfig {
  return {
    plugins: [react(), ...(options.serviceWorker ? [emitServiceWorker(options.serviceWorker)] : [])],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // A data: URL would need its own exception in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
      reportCompressedSize: false,
    },
    server: {
      // During development the pages are served here and everything else comes from a running backend for frontend.
      proxy: options.api ? { '/session': options.api, '/api': { target: options.api, changeOrigin: false } } : {},
    },
  };
}

function emitServiceWorker(write: (files: readonly string[], version: string) => string): Plugin {
  return {
    name: 'slipway-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => !name.endsWith('.map') && name !== 'index.html')
        .sort();
      // File names carry a hash of their content, so their list is a version of the whole page.
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: write(['/', ...files.map((name) => `/${name}`)], version) });
    },
  };
}
