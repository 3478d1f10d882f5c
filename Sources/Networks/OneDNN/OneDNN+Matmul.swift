import COneDNN

/// destination [rows][columns] = source [rows][inner] · weights [inner][columns] + bias, bound to weights and buffers.
final class OneDNNMatmul {
  private let primitive: OneDNNPrimitive
  private let weights: AlignedBytes
  private let bias: AlignedBytes?

  struct Shape {
    let rows: Int
    let inner: Int
    let columns: Int
  }

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
    _ shape: Shape, weights plainWeights: [Float], order: WeightOrder, bias plainBias: [Float]?,
    source: UnsafeMutablePointer<Float>, destination: UnsafeMutablePointer<Float>, scratch: OneDNNScratch
  ) throws {
    let (inner, columns, stream) = (shape.inner, shape.columns, scratch.stream)
    precondition(plainWeights.count == inner * columns && (plainBias?.count ?? columns) == columns)
    var sourceLayout = try OneDNN.layout([shape.rows, inner], dnnl_ab)
    var destinationLayout = try OneDNN.layout([shape.rows, columns], dnnl_ab)
    var anyWeights = try OneDNN.layout([inner, columns], dnnl_format_tag_any)
    var biasLayout = plainBias == nil ? dnnl_memory_desc_t() : try OneDNN.layout([1, columns], dnnl_ab)

    var operation = dnnl_matmul_desc_t()
    try OneDNN.check(
      dnnl_matmul_desc_init(&operation, &sourceLayout, &anyWeights, &biasLayout, &destinationLayout),
      "dnnl_matmul_desc_init")
    var handle: dnnl_primitive_desc_t?
    try OneDNN.withAttributes { attributes in
      try OneDNN.check(
        dnnl_primitive_desc_create(&handle, &operation, attributes, stream.engine, nil),
        "dnnl_primitive_desc_create (matmul)")
    }
    let descriptor = OneDNNPrimitiveDescriptor(handle!)

    let weightLayout = descriptor.layout(dnnl_query_weights_md)
    weights = try OneDNN.packed(
      plainWeights, from: OneDNN.layout([inner, columns], order == .rows ? dnnl_ab : dnnl_ba), to: weightLayout, stream)
    bias = plainBias.map(AlignedBytes.init(copying:))
    var bindings: [(Int32, OneDNNMemory)] = [
      (DNNL_ARG_SRC, try OneDNNMemory(sourceLayout, source, stream)),
      (DNNL_ARG_DST, try OneDNNMemory(destinationLayout, destination, stream)),
      (DNNL_ARG_WEIGHTS, try OneDNNMemory(weightLayout, weights.start, stream)),
      (DNNL_ARG_SCRATCHPAD, try scratch.memory(descriptor.layout(dnnl_query_scratchpad_md))),
    ]
    if let bias { bindings.append((DNNL_ARG_BIAS, try OneDNNMemory(biasLayout, bias.start, stream))) }
    primitive = try OneDNNPrimitive(descriptor, bindings, stream)
  }

  func run() throws { try primitive.run() }
}
