/** For LIKE … ESCAPE '\': these words anywhere in a column that is kept in small letters. */
export const anywhere = (words: string): string => `%${words.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
