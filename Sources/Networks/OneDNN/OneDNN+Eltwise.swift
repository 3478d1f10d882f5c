import COneDNN

/// A function of single numbers, or its gradient, bound to runs of numbers.
final class OneDNNEltwise {
  enum Function {
    case elu(alpha: Float)
    case geluTanh
    case swish(scale: Float)
    case mish

    fileprivate var algorithm: (kind: dnnl_alg_kind_t, alpha: Float) {
      switch self {
      case .elu(let alpha): (dnnl_eltwise_elu, alpha)
      case .geluTanh: (dnnl_eltwise_gelu_tanh, 0)
      case .swish(let scale): (dnnl_eltwise_swish, scale)
      case .mish: (dnnl_eltwise_mish, 0)
      }
    }
  }

  private let primitive: OneDNNPrimitive

  /// destination = f(source); they may be one.
  init(
    _ function: Function, count: Int, source: UnsafeMutablePointer<Float>, destination: UnsafeMutablePointer<Float>,
    _ scratch: OneDNNScratch
  ) throws {
    let (layout, stream) = (try OneDNN.layout([count], dnnl_a), scratch.stream)
    let descriptor = try Self.forward(function, layout, stream)
    primitive = try OneDNNPrimitive(
      descriptor,
      [
        (DNNL_ARG_SRC, try OneDNNMemory(layout, source, stream)),
        (DNNL_ARG_DST, try OneDNNMemory(layout, destination, stream)),
        (DNNL_ARG_SCRATCHPAD, try scratch.memory(descriptor.layout(dnnl_query_scratchpad_md))),
      ], stream)
  }

  /// gradient = cotangent · f'(values); gradient may be the cotangent.
  init(
    _ function: Function, count: Int, values: UnsafeMutablePointer<Float>, cotangent: UnsafeMutablePointer<Float>,
    gradient: UnsafeMutablePointer<Float>, _ scratch: OneDNNScratch
  ) throws {
    let (layout, stream) = (try OneDNN.layout([count], dnnl_a), scratch.stream)
    let hint = try Self.forward(function, layout, stream)
    let (kind, alpha) = function.algorithm
    var (data, difference) = (layout, layout)
    var operation = dnnl_eltwise_desc_t()
    try OneDNN.check(
      dnnl_eltwise_backward_desc_init(&operation, kind, &difference, &data, alpha, 0), "dnnl_eltwise_backward_desc_init"
    )
    let descriptor = try Self.create(&operation, hint: hint, stream)
    primitive = try OneDNNPrimitive(
      descriptor,
      [
        (DNNL_ARG_SRC, try OneDNNMemory(layout, values, stream)),
        (DNNL_ARG_DIFF_DST, try OneDNNMemory(layout, cotangent, stream)),
        (DNNL_ARG_DIFF_SRC, try OneDNNMemory(layout, gradient, stream)),
        (DNNL_ARG_SCRATCHPAD, try scratch.memory(descriptor.layout(dnnl_query_scratchpad_md))),
      ], stream)
  }

  func run() throws { try primitive.run() }

  private static func forward(_ function: Function, _ layout: dnnl_memory_desc_t, _ stream: OneDNNStream) throws
    -> OneDNNPrimitiveDescriptor
  {
    let (kind, alpha) = function.algorithm
    var data = layout
    var operation = dnnl_eltwise_desc_t()
    try OneDNN.check(
      dnnl_eltwise_forward_desc_init(&operation, dnnl_forward_training, kind, &data, alpha, 0),
      "dnnl_eltwise_forward_desc_init")
    return try create(&operation, hint: nil, stream)
  }

  private static func create(
    _ operation: inout dnnl_eltwise_desc_t, hint: OneDNNPrimitiveDescriptor?, _ stream: OneDNNStream
  ) throws -> OneDNNPrimitiveDescriptor {
    try OneDNN.withAttributes { attributes in
      var handle: dnnl_primitive_desc_t?
      try OneDNN.check(
        dnnl_primitive_desc_create(&handle, &operation, attributes, stream.engine, hint?.handle),
        "dnnl_primitive_desc_create (eltwise)")
      return OneDNNPrimitiveDescriptor(handle!)
    }
  }
}
