import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config({ ignores: ['**/dist/**', '**/node_modules/**', '**/public/**'] }, ...tseslint.configs.strict, {
  files: ['**/*.{ts,tsx}'],
  plugins: { 'react-hooks': reactHooks },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  rules: {
    'react-hooks/rules-of-hooks': 'error',
    'react-hooks/exhaustive-deps': 'error',
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    '@typescript-eslint/no-empty-function': 'off',
    // A call that answers nothing says so: api<void>(…).
    '@typescript-eslint/no-invalid-void-type': 'off',
    eqeqeq: 'error',
    'no-console': 'error',
    'no-else-return': 'error',
    'prefer-const': 'error',
  },
});
