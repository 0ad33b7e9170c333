import { defineConfig } from 'vite';
import { pages } from '../ui/vite/pages.ts';

export default defineConfig(pages({ api: process.env.TITANIC ?? 'http://titanic.localhost:8080' }));
