import CKernels

extension PlanBuilder {
  /// [C][voxels] ↔ blocks. The layout of the blocked side may have several segments.
  private func emitMove(from source: Region, to target: Region) {
    let packs = source.isPlain
    precondition(source.isPlain != target.isPlain && source.channels.count == target.channels.count)
    emit(packs ? "pack" : "unpack", touching: [source, target]) { arena in
      let (n, blocked) = (source.voxelCount, (packs ? target : source).channels)
      var moves: [(UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int)] = []
      var (plain, block) = (arena.address(packs ? source : target), arena.address(packs ? target : source))
      for segment in blocked.segments {
        moves.append((plain, block, segment))
        plain += segment * n
        block += (segment + blocked.block - 1) / blocked.block * blocked.block * n
      }
      return {
        for (plain, block, channels) in moves {
          packs
            ? lqc_pack(plain, block, channels, n, blocked.block) : lqc_unpack(block, plain, channels, n, blocked.block)
        }
      }
    }
  }

  /// One layout → another, directly where both have one segment, else by way of [C][voxels].
  func emitCopy(from source: Region, to target: Region) {
    if source.isPlain != target.isPlain { return emitMove(from: source, to: target) }
    if source.channels.isRows { return emitMove(from: source.viewed(as: source.channels, isPlain: true), to: target) }
    if target.channels.isRows { return emitMove(from: source, to: target.viewed(as: target.channels, isPlain: true)) }
    guard source.channels.segments == target.channels.segments, source.channels.segments.count == 1 else {
      return emitMove(from: plain(source), to: target)
    }
    emit("change of layout", touching: [source, target]) { arena in
      let (from, to, channels, n) = (
        arena.address(source), arena.address(target), source.channels.count, source.voxelCount
      )
      let blocks = (source.channels.block, target.channels.block)
      return { lqc_reblock(from, to, channels, n, blocks.0, blocks.1) }
    }
  }

  /// The value as [C][voxels]: itself, or a copy.
  func plain(_ value: Region) -> Region {
    if value.isPlain { return value }
    if value.channels.block == 1 { return value.viewed(as: value.channels, isPlain: true) }
    let copy = region(value.channels, value.spatialShape, isPlain: true)
    emitMove(from: value, to: copy)
    return copy
  }

  /// The value in the layout of `target`: itself, or a copy.
  func converted(_ value: Region, like target: Region) -> Region {
    target.isPlain ? plain(value) : reordered(value, as: target.channels)
  }

  /// The value with its channels stored this way: itself, or a copy.
  func reordered(_ value: Region, as channels: ChannelLayout) -> Region {
    if value.isPlain && channels.block == 1 { return value.viewed(as: channels, isPlain: false) }
    if !value.isPlain && value.channels == channels { return value }
    let copy = region(channels, value.spatialShape)
    emitCopy(from: value, to: copy)
    return copy
  }

  /// target = (the sum of one to three summands) · (sign > 0 ? 1 : slope), the mask only where `sign` is given.
  func emitJoin(_ summands: [Region], sign: Region?, slope: Float, to target: Region) {
    precondition((1...3).contains(summands.count))
    emit("join gradients", touching: summands + [target] + [sign].compactMap { $0 }) { arena in
      let places = summands.map { UnsafePointer(arena.address($0)) } + [nil, nil]
      let (mask, result, count) = (sign.map(arena.address), arena.address(target), target.count)
      return { lqc_join_gradients(places[0], places[1], places[2], mask, result, slope, count) }
    }
  }
}
