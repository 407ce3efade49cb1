import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  reactHooks.configs.flat.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js", "dev/*.mjs"] } },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // Rejected route redirects are thrown by TanStack Router's own contract.
      "@typescript-eslint/only-throw-error": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: false }],
      "max-lines-per-function": ["error", { max: 150 }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportAllDeclaration",
          message: "No barrel files: import from the file that defines the name.",
        },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/pages/**/*Page.tsx"],
    rules: {
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-imports": ["error", { patterns: [{ group: ["**/dev/**"], message: "The mock never enters the product." }] }],
    },
  },
  { files: ["src/**/*.test.{ts,tsx}"], rules: { "no-restricted-imports": "off", "max-lines-per-function": "off" } },
  {
    files: ["**/*.{js,mjs}"],
    ...tseslint.configs.disableTypeChecked,
    rules: { ...tseslint.configs.disableTypeChecked.rules, "no-undef": "off" },
  },
);
