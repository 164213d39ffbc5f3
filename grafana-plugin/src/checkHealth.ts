import type { TestDataSourceResponse } from '@grafana/data';
import type { ApiClient } from './api/client';
import { describeFailure } from './api/describeFailure';
import { faultOfUrl } from './settings/faultOfUrl';

/** The settings that are tested, as they were saved. */
export interface TestedSettings {
  apiUrl: string | undefined;
  defaultShop: string | undefined;
}

/** Answers "Save & test": whether the exporter is reached, with what is there or what to do. */
export async function checkHealth(
  api: Pick<ApiClient, 'catalog'>,
  { apiUrl, defaultShop }: TestedSettings,
): Promise<TestDataSourceResponse> {
  const fault = faultOfUrl(apiUrl);
  if (fault) {
    return { status: 'error', message: fault };
  }
  try {
    const { metrics, shops } = await api.catalog(0);
    if (defaultShop && !shops.some(({ shop }) => shop === defaultShop)) {
      const known = shops.map(({ shop }) => shop).join(', ') || 'none yet';
      return {
        status: 'error',
        message: `Connected, but there is no shop "${defaultShop}". Choose a default shop among: ${known}.`,
      };
    }
    const found = shops.length === 0 ? 'no shop has sent events yet' : count(shops.length, 'shop');
    return { status: 'success', message: `Connected: ${count(metrics.length, 'metric')}, ${found}.` };
  } catch (error) {
    return { status: 'error', message: describeFailure(error) };
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
