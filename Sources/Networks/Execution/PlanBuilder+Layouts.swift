import CKernels

extension PlanBuilder {
  /// [C][voxels] → blocks. The layout of `target` may have several segments.
  func emitPack(from source: Region, to target: Region) {
    precondition(source.isPlain && !target.isPlain && source.channels.count == target.channels.count)
    emit("pack", touching: [source, target]) { arena in
      let n = source.voxelCount
      let block = target.channels.block
      var moves: [(UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int)] = []
      var (from, to) = (arena.address(source), arena.address(target))
      for segment in target.channels.segments {
        moves.append((from, to, segment))
        from += segment * n
        to += (segment + block - 1) / block * block * n
      }
      return { for (from, to, channels) in moves { lqc_pack(from, to, channels, n, block) } }
    }
  }

  /// Blocks → [C][voxels].
  func emitUnpack(from source: Region, to target: Region) {
    precondition(!source.isPlain && target.isPlain && source.channels.count == target.channels.count)
    emit("unpack", touching: [source, target]) { arena in
      let n = source.voxelCount
      let block = source.channels.block
      var moves: [(UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int)] = []
      var (from, to) = (arena.address(source), arena.address(target))
      for segment in source.channels.segments {
        moves.append((from, to, segment))
        from += (segment + block - 1) / block * block * n
        to += segment * n
      }
      return { for (from, to, channels) in moves { lqc_unpack(from, to, channels, n, block) } }
    }
  }

  /// The value as [C][voxels]: itself, or a copy.
  func plain(_ value: Region) -> Region {
    if value.isPlain { return value }
    if block == 1 { return value.viewed(isPlain: true) }
    let copy = region(value.channels, value.spatialShape, isPlain: true)
    emitUnpack(from: value, to: copy)
    return copy
  }

  /// The value in the layout of `target`: itself, or a copy made by way of the plain layout.
  func converted(_ value: Region, like target: Region) -> Region {
    if value.isPlain == target.isPlain && (value.isPlain || value.channels == target.channels) { return value }
    let plain = plain(value)
    if target.isPlain { return plain }
    if block == 1 { return plain.viewed(isPlain: false) }
    let copy = region(target.channels, target.spatialShape)
    emitPack(from: plain, to: copy)
    return copy
  }

  /// target = (first + second) · (sign > 0 ? 1 : slope), the mask only where `sign` is given.
  func emitJoin(_ first: Region, _ second: Region?, sign: Region?, slope: Float, to target: Region) {
    emit("join gradients", touching: [first, target] + [second, sign].compactMap { $0 }) { arena in
      let (a, b) = (arena.address(first), second.map(arena.address))
      let (mask, result, count) = (sign.map(arena.address), arena.address(target), target.count)
      return { lqc_join_gradients(a, b, mask, result, slope, count) }
    }
  }
}
