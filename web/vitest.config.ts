import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const shared = {
  restoreMocks: true,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  css: false,
} as const;

/** Rules need no browser, and most of the time of a test of a page goes into making one. */
export default defineConfig({
  test: {
    // The machine that runs these shares its cores with databases; two workers finish sooner than many that wait.
    maxWorkers: 2,
    projects: [
      {
        test: { ...shared, name: 'rules', environment: 'node', include: ['{ui,todo,shop,titanic}/test/**/*.test.ts'] },
      },
      {
        plugins: [react()],
        test: {
          ...shared,
          name: 'pages',
          environment: 'jsdom',
          environmentOptions: { jsdom: { url: 'http://todo.localhost:8080/' } },
          include: ['{ui,todo,shop,titanic}/test/**/*.test.tsx', 'account/test/**/*.test.{ts,tsx}'],
          setupFiles: ['./ui/src/testing/setup.ts'],
        },
      },
    ],
  },
});
