// How far it is between two places, said as branches/distances.py says it.

const EARTH_RADIUS_KM = 6371.0088;
const STEP_METRES = 50;

const radians = (degrees) => (degrees * Math.PI) / 180;

export function kilometresBetween(one, other) {
  const first = radians(one.latitude);
  const second = radians(other.latitude);
  const across = Math.sin((second - first) / 2) ** 2;
  const along = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  const root = Math.sqrt(across + Math.cos(first) * Math.cos(second) * along);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, root));
}

export function rounded(kilometres) {
  const metres = Math.floor((kilometres * 1000) / STEP_METRES + 0.5) * STEP_METRES;
  if (metres < 1000) {
    return { number: Math.max(metres, STEP_METRES), isMetres: true, decimals: 0 };
  }
  const tenths = Math.floor(kilometres * 10 + 0.5);
  if (tenths < 100) {
    return { number: tenths / 10, isMetres: false, decimals: 1 };
  }
  return { number: Math.floor(kilometres + 0.5), isMetres: false, decimals: 0 };
}

// The page says how its language writes numbers: browsers do not know them all.
export function distanceWords(kilometres, words) {
  const distance = rounded(kilometres);
  const number = distance.number.toFixed(distance.decimals).replace(".", words.decimal);
  return (distance.isMetres ? words.metres : words.kilometres).replace("{number}", number);
}
