// The page is a static export: nginx serves web/out, every dynamic thing is JSON under /api.
const config = {
  output: 'export',
  trailingSlash: true,
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // The build id is part of the file names: scripts/build.mjs derives it from the sources, so equal sources give equal files.
  generateBuildId: () => process.env.NUMLEASE_WEB_BUILD || 'dev',
  // `npm run typecheck` is the type check, with the compiler of package.json.
  typescript: { ignoreBuildErrors: true },
};

export default config;
