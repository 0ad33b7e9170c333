using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Sdk.Requests;

/// <summary>
/// Enum values on the wire: camelCase names and never numbers. Name it in a context's options, as in
/// <c>Converters = [typeof(EnumNames&lt;Status&gt;)]</c>, or on the enum itself.
/// </summary>
public sealed class EnumNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
