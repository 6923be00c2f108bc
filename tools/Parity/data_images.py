"""data_images.py OUT: writes images in formats that only other software writes, 48x32, in a single color: R 200, G 40, B 90."""
import sys

from PIL import Image

out = sys.argv[1]
image = Image.new("RGB", (48, 32), (200, 40, 90))
image.convert("CMYK").save(f"{out}/cmyk.jpg", quality=95)
image.convert("P", palette=Image.ADAPTIVE).save(f"{out}/palette.png")
image.save(f"{out}/progressive.jpg", quality=95, progressive=True)
image.save(f"{out}/plain.webp", lossless=True)
exif = Image.Exif()
exif[0x112] = 6
image.save(f"{out}/turned.png", exif=exif)
image.save(f"{out}/turned.jpg", quality=95, exif=exif)
