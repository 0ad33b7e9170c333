import { defineConfig } from 'vite';
import { pages } from '../ui/vite/pages.ts';
import { serviceWorker } from './serviceWorker.ts';

export default defineConfig(pages({ api: process.env.TODO_WEB ?? 'http://127.0.0.1:8080', serviceWorker }));
