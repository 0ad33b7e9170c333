using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Api.Platform.Containers;
using Slipway.Api.Platform.Databases;
using Slipway.Api.Platform.Discovery;
using Slipway.Api.Platform.Images;
using Slipway.Api.Platform.Services;
using Slipway.Api.Platform.Usage;

namespace Slipway.Api.Platform.Answers;

/// <summary>A page of a collection.</summary>
internal sealed record ListView<T>(IReadOnlyList<T> Items, PageView Page);

/// <summary>JSON of every answer. Nulls are written, so that every answer of a kind has the same fields.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(ListView<ContainerView>))]
[JsonSerializable(typeof(ContainerView))]
[JsonSerializable(typeof(ListView<ServiceView>))]
[JsonSerializable(typeof(ServiceView))]
[JsonSerializable(typeof(ListView<DecisionView>))]
[JsonSerializable(typeof(ListView<StartsView>))]
[JsonSerializable(typeof(LogLinesView))]
[JsonSerializable(typeof(LogLineView))]
[JsonSerializable(typeof(ListView<ImageView>))]
[JsonSerializable(typeof(ListView<RegisteredInstanceView>))]
[JsonSerializable(typeof(ServiceMapView))]
[JsonSerializable(typeof(ListView<UsageView>))]
[JsonSerializable(typeof(ListView<MetricView>))]
[JsonSerializable(typeof(ListView<ContainerMetricView>))]
[JsonSerializable(typeof(ArchiveView))]
[JsonSerializable(typeof(RecoveryView))]
internal sealed partial class PlatformJson : JsonSerializerContext;

/// <summary>Instants as RFC 3339 in UTC with milliseconds.</summary>
internal sealed class MillisecondInstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
