import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import classes from "./DataTable.module.css";

/** One column; on a phone a row becomes a card and `header` stands before each value. */
export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  /** In place of the header's words, such as a checkbox for all rows; `header` still names the column. */
  head?: ReactNode;
  /** The word by which the list can be sorted by this column. */
  sort?: string;
  /** CSS width; columns without one share what is left. */
  width?: string;
  /** How the value appears on a card: after its header, as the card's title, alone, or as the box before the title. */
  phone?: "labelled" | "title" | "plain" | "box";
}

interface DataTableProps<Row> {
  /** What the table lists, for those who do not see it. */
  label: string;
  columns: Column<Row>[];
  /** Undefined while loading. */
  rows: Row[] | undefined;
  rowKey: (row: Row) => string | number;
  /** A colour at the row's left edge. */
  tone?: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
  /** By which column the list is sorted, and what to do to sort it by another. */
  sorting?: Sorting;
  /** Shown when there are no rows. */
  empty: ReactNode;
}

/** How a list is sorted. */
export interface Sorting {
  /** The word of a column; with `-` before it the other way round. */
  by: string;
  onSort: (by: string) => void;
}

/** A table that is a list of cards on a narrow screen, and holds its shape while loading. */
export function DataTable<Row>({ label, columns, rows, rowKey, tone, isSelected, sorting, empty }: DataTableProps<Row>) {
  if (rows?.length === 0) return <div className={classes.box}>{empty}</div>;
  return (
    <div className={classes.box} aria-busy={rows === undefined}>
      <table className={classes.table} aria-label={label}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.header} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.header} scope="col" aria-sort={sortedBy(column.sort, sorting)}>
                {column.sort && sorting ? <SortButton column={column.sort} word={column.header} sorting={sorting} /> : (column.head ?? column.header)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <tr key={rowKey(row)} data-tone={tone?.(row)} data-selected={isSelected?.(row) || undefined}>
              {columns.map((column) => (
                <td key={column.header} data-label={column.header} data-phone={column.phone ?? "labelled"}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {rows === undefined && <LoadingRows columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

function sortedBy(column: string | undefined, sorting: Sorting | undefined) {
  if (!column || !sorting) return undefined;
  return sorting.by === column ? "ascending" : sorting.by === `-${column}` ? "descending" : undefined;
}

function SortButton({ column, word, sorting }: { column: string; word: string; sorting: Sorting }) {
  const way = sortedBy(column, sorting);
  return (
    <button type="button" className={classes.sort} onClick={() => sorting.onSort(way === "ascending" ? `-${column}` : column)}>
      {word}
      {way && <span aria-hidden>{way === "ascending" ? " ↑" : " ↓"}</span>}
    </button>
  );
}

/** How many grey rows stand in for rows that are still on their way. */
const LOADING_ROWS = 6;

function LoadingRows({ columns }: { columns: number }) {
  return Array.from({ length: LOADING_ROWS }, (_, row) => (
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        <td key={column} data-phone={column === 0 ? "title" : "hidden"}>
          <Skeleton height={14} my={4} width={column === 0 ? "70%" : "60%"} />
        </td>
      ))}
    </tr>
  ));
}
