import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://todo.localhost:8080/' } },
    include: ['{ui,todo,account}/test/**/*.test.{ts,tsx}'],
    setupFiles: ['./ui/src/testing/setup.ts'],
    restoreMocks: true,
    testTimeout: 20_000,
    css: false,
    // The machine that runs these shares its cores with databases; two workers finish sooner than many that wait.
    maxWorkers: 2,
  },
});
