/** What `@svg-maps/world` exports: its types refer to a package that is not on npm. */
declare module 'svg-maps__common' {
  export interface Map {
    viewBox: string;
    /** Countries, by their codes of two letters in small letters. */
    locations: { id: string; name: string; path: string }[];
  }
}
