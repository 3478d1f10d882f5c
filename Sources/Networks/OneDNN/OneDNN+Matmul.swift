import COneDNN

/// destination [rows][columns] = source [rows][inner] · weights [inner][columns] + bias, bound to weights and buffers.
final class OneDNNMatmul {
  private let primitive: OneDNNPrimitive
  private let weights: AlignedBytes
  private let bias: AlignedBytes?

  /// How the weights given are stored.
  enum WeightOrder {
    /// [inner][columns]
    case rows
    /// [columns][inner]
    case columns
  }

  /// - Parameters:
  ///   - bias: One per column, or nil.
  ///   - scratch: grown to what the primitive asks for; shared by primitives that never run at the same time.
  init(
    rows: Int, inner: Int, columns: Int, weights plainWeights: [Float], order: WeightOrder, bias plainBias: [Float]?,
    source: UnsafeMutablePointer<Float>, destination: UnsafeMutablePointer<Float>, scratch: OneDNNScratch,
    stream: OneDNNStream
  ) throws {
    precondition(plainWeights.count == inner * columns && (plainBias?.count ?? columns) == columns)
    var sourceLayout = try Self.layout(rows, inner, dnnl_ab)
    var destinationLayout = try Self.layout(rows, columns, dnnl_ab)
    var anyWeights = try Self.layout(inner, columns, dnnl_format_tag_any)
    var biasLayout = plainBias == nil ? dnnl_memory_desc_t() : try Self.layout(1, columns, dnnl_ab)

    var attributes: dnnl_primitive_attr_t?
    try OneDNN.check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try OneDNN.check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
      "dnnl_primitive_attr_set_scratchpad_mode")
    var operation = dnnl_matmul_desc_t()
    try OneDNN.check(
      dnnl_matmul_desc_init(&operation, &sourceLayout, &anyWeights, &biasLayout, &destinationLayout),
      "dnnl_matmul_desc_init")
    var handle: dnnl_primitive_desc_t?
    try OneDNN.check(
      dnnl_primitive_desc_create(&handle, &operation, attributes, stream.engine, nil),
      "dnnl_primitive_desc_create (matmul)")
    let descriptor = OneDNNPrimitiveDescriptor(handle!)

    let weightLayout = descriptor.layout(dnnl_query_weights_md)
    weights = try Self.packed(
      plainWeights, from: Self.layout(inner, columns, order == .rows ? dnnl_ab : dnnl_ba), to: weightLayout, stream)
    var bindings: [(Int32, OneDNNMemory)] = [
      (DNNL_ARG_SRC, try OneDNNMemory(sourceLayout, source, stream)),
      (DNNL_ARG_DST, try OneDNNMemory(destinationLayout, destination, stream)),
      (DNNL_ARG_WEIGHTS, try OneDNNMemory(weightLayout, weights.start, stream)),
      (DNNL_ARG_SCRATCHPAD, try scratch.memory(descriptor.layout(dnnl_query_scratchpad_md), stream)),
    ]
    if let plainBias {
      let bytes = AlignedBytes(count: plainBias.count * 4)
      bytes.start.copyMemory(from: plainBias, byteCount: plainBias.count * 4)
      bindings.append((DNNL_ARG_BIAS, try OneDNNMemory(biasLayout, bytes.start, stream)))
      bias = bytes
    } else {
      bias = nil
    }
    primitive = try OneDNNPrimitive(descriptor, bindings, stream)
  }

  func run() throws { try primitive.run() }

  private static func layout(_ rows: Int, _ columns: Int, _ tag: dnnl_format_tag_t) throws -> dnnl_memory_desc_t {
    var descriptor = dnnl_memory_desc_t()
    try OneDNN.check(
      dnnl_memory_desc_init_by_tag(&descriptor, 2, [Int64(rows), Int64(columns)], dnnl_f32, tag),
      "dnnl_memory_desc_init_by_tag")
    return descriptor
  }

  /// The weights reordered once into the layout that the implementation asks for.
  private static func packed(
    _ plain: [Float], from source: dnnl_memory_desc_t, to destination: dnnl_memory_desc_t, _ stream: OneDNNStream
  ) throws -> AlignedBytes {
    var (source, destination) = (source, destination)
    let bytes = AlignedBytes(count: dnnl_memory_desc_get_size(&destination))
    var handle: dnnl_primitive_desc_t?
    try OneDNN.check(
      dnnl_reorder_primitive_desc_create(&handle, &source, stream.engine, &destination, stream.engine, nil),
      "dnnl_reorder_primitive_desc_create")
    let descriptor = OneDNNPrimitiveDescriptor(handle!)
    try plain.withUnsafeBytes { values in
      let bindings = [
        (DNNL_ARG_SRC, try OneDNNMemory(source, UnsafeMutableRawPointer(mutating: values.baseAddress!), stream)),
        (DNNL_ARG_DST, try OneDNNMemory(destination, bytes.start, stream)),
      ]
      try OneDNNPrimitive(descriptor, bindings, stream).run()
    }
    return bytes
  }
}
