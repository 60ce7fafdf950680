// Makes a photo ready for its way: large ones smaller, formats that only this phone reads a JPEG.

const LARGE = 4 * 1024 * 1024;
const LIMIT = 10 * 1024 * 1024;
const LONG_SIDE = 2560; // the server keeps 2048
const KNOWN = ['image/jpeg', 'image/png', 'image/webp'];

export class Unusable extends Error {}

/** `{blob, width, height}` of a file. Throws Unusable with a line for the shopper. */
export async function ready(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = await opened(url);
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const fine = KNOWN.includes(file.type) && file.size <= LARGE;
    const blob = (!fine && await drawn(image, width, height)) || file;
    if (blob.size > LIMIT) throw new Unusable('照片超过 10 MB，请截取一部分再发');
    if (!KNOWN.includes(blob.type)) throw new Unusable('请发 JPEG、PNG 或 WebP 格式的图片');
    return { blob, width, height };
  } finally {
    URL.revokeObjectURL(url);
  }
}

function opened(url) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Unusable('这个文件打不开，请换一张照片'));
    image.src = url;
  });
}

/** Drawn as JPEG, or null where the phone's memory is too small for it. */
async function drawn(image, width, height) {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  try {
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#fff';
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86));
  } catch {
    return null;
  } finally {
    canvas.width = canvas.height = 0; // iOS frees a canvas late, and has room for few
  }
}
