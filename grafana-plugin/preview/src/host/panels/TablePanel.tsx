import type { PanelProps } from '@grafana/data';
import type { TableCellHeight, TableSortByFieldState } from '@grafana/schema';
import { Table } from '@grafana/ui';
import { hasNumbers, NoData } from './NoData.tsx';

interface TableOptions {
  showHeader: boolean;
  cellHeight: TableCellHeight;
  sortBy: TableSortByFieldState[];
}

/** The first frame as a table. */
export function TablePanel({ data, width, height, options, timeRange }: PanelProps<TableOptions>) {
  const [frame] = data.series;
  if (!frame || !hasNumbers(data)) return <NoData data={data} />;
  return (
    <Table
      data={frame}
      width={width}
      height={height}
      noHeader={!options.showHeader}
      cellHeight={options.cellHeight}
      initialSortBy={options.sortBy}
      timeRange={timeRange}
      resizable
    />
  );
}
