import { normaliseCode } from '@gatehouse/accounts';
import Provider from 'oidc-provider';

/**
 * A user code is found however it was typed: the library drops all that is not a letter of ASCII before it looks, and
 * so would leave nothing of one in full width.
 */
export function acceptTypedCodes(provider: Provider): void {
  const { DeviceCode } = provider;
  const find = DeviceCode.findByUserCode.bind(DeviceCode);
  DeviceCode.findByUserCode = (stripped, options) => {
    const typed = Provider.ctx?.oidc.params?.user_code ?? stripped;
    return find(normaliseCode(String(typed)).toUpperCase(), options);
  };
}

/** As the device shows it, four letters and four (RFC 8628 section 6.1). */
export const userCodeInWords = (code = ''): string => `${code.slice(0, 4)}-${code.slice(4)}`;
