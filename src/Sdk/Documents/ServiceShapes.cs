using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Sdk.Documents;

/// <summary>The source-generated contexts of a service: every type it reads or writes.</summary>
internal sealed class ServiceShapes
{
    private readonly List<JsonSerializerContext> _contexts = [];

    public void Add(JsonSerializerContext context) => _contexts.Add(context);

    /// <summary>As the service itself sees the type; null if none of its contexts knows it.</summary>
    public JsonTypeInfo? Find(Type type)
    {
        foreach (var context in _contexts)
        {
            if (context.GetTypeInfo(type) is { } info)
            {
                return info;
            }
        }

        return null;
    }

    public static void Apply(JsonSerializerContext context, JsonSerializerOptions options)
    {
        if (options.TypeInfoResolverChain.OfType<JsonSerializerContext>().Any())
        {
            options.TypeInfoResolverChain.Add(context);
            return;
        }

        options.TypeInfoResolverChain.Add(context);
        options.PropertyNamingPolicy = context.Options.PropertyNamingPolicy ?? options.PropertyNamingPolicy;
        options.DictionaryKeyPolicy = context.Options.DictionaryKeyPolicy;
        options.PropertyNameCaseInsensitive = context.Options.PropertyNameCaseInsensitive;
        options.DefaultIgnoreCondition = context.Options.DefaultIgnoreCondition;
        options.NumberHandling = context.Options.NumberHandling;
        options.RespectNullableAnnotations = context.Options.RespectNullableAnnotations;
        options.RespectRequiredConstructorParameters = context.Options.RespectRequiredConstructorParameters;
        foreach (var converter in context.Options.Converters)
        {
            options.Converters.Add(converter);
        }
    }
}
