"""The measurement slip: layout and raster."""
