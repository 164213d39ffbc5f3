import type { RetailRow } from './rows.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** A row as a line of the form in which UCI's own copy is usually passed on. */
export function isoLine({ invoice, sku, description, quantity, time, price, customer, country }: RetailRow) {
  const id = customer === '' ? '' : `${customer}.0`;
  return [invoice, sku, quoted(description), quantity, time, price, id, country].join(',');
}

/** UTF-8, `2010-12-01 08:26:00`, customers like `17850.0`; `more` are further lines, as they are. */
export function isoFile(rows: readonly RetailRow[], more: readonly string[] = []): Buffer {
  return Buffer.from(`${[HEADER, ...rows.map(isoLine), ...more].join('\n')}\n`, 'utf8');
}

/** Kaggle's copy: ISO-8859-1, `12/1/2010 8:26`, customers like `17850`. */
export function kaggleFile(rows: readonly RetailRow[]): Buffer {
  const lines = rows.map(({ invoice, sku, description, quantity, time, price, customer, country }) => {
    const [year, month, day, hour, minute] = time.split(/\D/).map(Number);
    const date = `${month}/${day}/${year} ${hour}:${String(minute).padStart(2, '0')}`;
    return [invoice, sku, quoted(description), quantity, date, Number(price), customer, country].join(',');
  });
  return Buffer.from(`${[HEADER, ...lines].join('\r\n')}\r\n`, 'latin1');
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
