import { Group, Pagination, Text } from "@mantine/core";

import { capitalised } from "./severity";

/** The page that an address names, from 1. */
export function pageNamed(word: string | undefined): number {
  return Math.max(1, Math.floor(Number(word ?? 1)) || 1);
}

/** The last page of so many rows. */
export function lastPageOf(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}

interface PagingProps {
  total: number;
  pageSize: number;
  page: number;
  /** What is listed, such as `alerts`. */
  what: string;
  onChange: (page: string) => void;
}

/** How many rows there are and the way to the other pages, where one page does not hold them all. */
export function Paging({ total, pageSize, page, what, onChange }: PagingProps) {
  if (total <= pageSize) return null;
  return (
    <Group justify="space-between" mt="md">
      <Text size="sm" c="dimmed" className="tabular">
        {total} {what}
      </Text>
      <Pagination
        total={lastPageOf(total, pageSize)}
        getControlProps={(control) => ({ "aria-label": `${capitalised(control)} page` })}
        value={page}
        onChange={(next) => onChange(String(next))}
      />
    </Group>
  );
}
