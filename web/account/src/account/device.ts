/** What a person would call the device, from what its browser says about itself; null when nothing familiar is in it. */
export function describeDevice(userAgent: string | null | undefined): { readonly browser: string; readonly system: string } | null {
  if (!userAgent) return null;
  const browser = first(userAgent, [
    [/\bEdgA?\//, 'Edge'],
    [/\bOPR\//, 'Opera'],
    [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
    [/\bSamsungBrowser\//, 'Samsung Internet'],
    [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
    [/\bSafari\//, 'Safari'],
    [/^curl\//, 'curl'],
  ]);
  const system = first(userAgent, [
    [/\biPhone\b/, 'iPhone'],
    [/\biPad\b/, 'iPad'],
    [/\bAndroid\b/, 'Android'],
    [/\bWindows\b/, 'Windows'],
    [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
    [/\bCrOS\b/, 'ChromeOS'],
    [/\bLinux\b/, 'Linux'],
  ]);
  return browser && system ? { browser, system } : null;
}

function first(text: string, names: readonly (readonly [RegExp, string])[]): string | null {
  return names.find(([sign]) => sign.test(text))?.[1] ?? null;
}
