import CKernels

extension PlanBuilder {
  /// narrow = leaky(convolution(wide) + bias, slope).
  ///
  /// - Parameters:
  ///   - weight: [K, C, taps], K channels of the narrow side and C of the wide one, as
  ///     ``emitTransposed(_:_:weight:bias:slope:from:to:)``.
  ///   - bias: [K], or empty.
  ///   - wide: the side before striding; plain only where ``FewChannelsConvolution`` suits it.
  func emitConvolution(
    _ label: String, _ window: ConvolutionWindow, weight: [Float], bias: [Float] = [], slope: Float = 1,
    from wide: Region, to narrow: Region
  ) {
    let weights = window.stored(weight, outer: narrow.channels, inner: wide.storedLayout)
    let bias = bias.isEmpty ? nil : narrow.channels.spread(bias)
    let geometry = window.geometry(wide: wide, narrow: narrow)
    if !wide.isPlain, !narrow.isPlain, geometry.isCloserTransposed(block: block) {
      return emitAsTranspose(label, geometry, weights: weights, bias: bias, slope: slope, from: wide, to: narrow)
    }
    emit(label, touching: [wide, narrow]) { [block, scratch] arena in
      if wide.isPlain && block > 1 {
        return FewChannelsConvolution(
          window, plainRegion: wide, blockedRegion: narrow, weights: weights, bias: bias, slope: slope, arena: arena
        ).convolve
      }
      return try OneDNNConvolution(
        .forward(slope: slope), geometry, weights: weights, bias: bias, source: arena.activations(wide),
        destination: arena.activations(narrow), scratch: scratch
      ).run
    }
  }

  /// The same as ``emitConvolution(_:_:weight:bias:slope:from:to:)`` by the library's kernel for transposes.
  ///
  /// - Parameter weights: [K, C, taps] of stored channels.
  private func emitAsTranspose(
    _ label: String, _ geometry: ConvolutionGeometry, weights: [Float], bias: [Float]?, slope: Float,
    from source: Region, to target: Region
  ) {
    emit(label, touching: [source, target]) { [scratch] arena in
      let primitive = try OneDNNConvolution(
        .transposed, geometry.transposed, weights: geometry.transposed(weights), bias: nil,
        source: arena.activations(target), destination: arena.activations(source), scratch: scratch)
      if bias == nil && slope == 1 { return primitive.run }
      let (result, blocks, n, block) = (arena.address(target), target.blocks, target.voxelCount, target.channels.block)
      return {
        try primitive.run()
        lqc_channel_affine(result, result, nil, bias, slope, blocks, n, block)
      }
    }
  }

  /// wide = leaky(transposed convolution(narrow) + bias, slope); no activation where the wide side is plain.
  ///
  /// - Parameter bias: [C], or empty.
  func emitTransposed(
    _ label: String, _ window: ConvolutionWindow, weight: [Float], bias: [Float] = [], slope: Float = 1,
    from narrow: Region, to wide: Region
  ) {
    let weights = window.stored(weight, outer: narrow.channels, inner: wide.storedLayout)
    let bias = bias.isEmpty ? nil : wide.storedLayout.spread(bias)
    let geometry = window.geometry(wide: wide, narrow: narrow)
    emit(label, touching: [narrow, wide]) { [block, scratch] arena in
      if wide.isPlain && block > 1 {
        precondition(slope == 1, "the kernel for plain results has no activation")
        return FewChannelsConvolution(
          window, plainRegion: wide, blockedRegion: narrow, weights: weights, bias: bias, slope: 1, arena: arena
        ).transpose
      }
      let primitive = try OneDNNConvolution(
        .transposed, geometry, weights: weights, bias: nil, source: arena.activations(wide),
        destination: arena.activations(narrow), scratch: scratch)
      if bias == nil && slope == 1 { return primitive.run }
      let (result, blocks, n, block) = (arena.address(wide), wide.blocks, wide.voxelCount, wide.channels.block)
      return {
        try primitive.run()
        lqc_channel_affine(result, result, nil, bias, slope, blocks, n, block)
      }
    }
  }
}
