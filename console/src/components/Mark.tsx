/** Larum's mark: a bell that rings. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#4f46c8" />
      <path d="M16 6.5a6.6 6.6 0 0 0-6.6 6.6v4.2L7.6 20.6c-.5.9.1 1.9 1.1 1.9h14.6c1 0 1.6-1 1.1-1.9l-1.8-3.3v-4.2A6.6 6.6 0 0 0 16 6.5Z" fill="#fff" />
      <path d="M13.2 24.4a2.9 2.9 0 0 0 5.6 0Z" fill="#fff" />
      <path d="M5.6 13.4a10 10 0 0 1 2.6-6M26.4 13.4a10 10 0 0 0-2.6-6" fill="none" stroke="#ffb020" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
