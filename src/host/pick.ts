// What every list to pick from has in common.

/**
 * Only Escape and a choice close the list. A webview that had the focus gets it back some time after the palette, or the list
 * before this one, has closed: a list that ends with its focus would be gone before anybody saw it.
 */
export const staysOpen = { ignoreFocusOut: true } as const;
