# Debian has OpenBLAS with threads of its own, and with OpenMP's, which libtorch uses too. Its own threads spin on the cores that libtorch's wait for:
# alternating convolutions and matrix products take a quarter longer on a quiet machine, and twice as long on a busy one. Debian prefers them nevertheless, so
# where the other is installed, link_openblas(TARGET) names it before libtorch and OpenCV ask for "any BLAS"; the loader takes what is loaded already.
# Where it is not, or is taken away later, Debian's choice stands.
function(link_openblas target)
  file(GLOB folder "/usr/lib/*/openblas-openmp")
  if(folder AND NOT VISION_LIBTORCH)
    target_link_options(${target} PRIVATE "LINKER:--no-as-needed,${folder}/libblas.so.3,${folder}/liblapack.so.3,${folder}/libopenblas.so.0,--as-needed")
    set_target_properties(${target} PROPERTIES BUILD_RPATH "${folder}")
  endif()
endfunction()
