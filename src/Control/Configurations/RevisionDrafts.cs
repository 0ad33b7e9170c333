using System.Globalization;
using System.Text.Json;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Model.Values;
using Slipway.Store;

namespace Slipway.Control.Configurations;

/// <summary>The Revision that belongs to a Configuration's present generation.</summary>
internal static class RevisionDrafts
{
    /// <summary>The name the template chose, or null when the controller names the revision.</summary>
    public static string? ChosenName(Resource configuration)
    {
        var metadata = RawJson.Field(Template(configuration), "metadata");
        if (metadata.IsEmpty)
        {
            return null;
        }

        var name = Metadata(metadata).Name;
        return string.IsNullOrEmpty(name) ? null : name;
    }

    public static string NameOf(Resource configuration) =>
        ChosenName(configuration) ?? RevisionNames.For(configuration.Name, configuration.Metadata.Generation);

    /// <summary>The chosen name when a Revision of another owner or with another spec has it; null when all is well.</summary>
    public static string? TakenName(IResourceStore store, Resource configuration)
    {
        var name = ChosenName(configuration);
        return name is not null
            && store.Get(new ResourceKey(Kinds.Revision, configuration.Namespace, name)) is { } existing
            && !Fits(existing, configuration)
            ? name
            : null;
    }

    /// <summary>Whether an existing Revision may stand for the Configuration's present generation.</summary>
    public static bool Fits(Resource revision, Resource configuration) =>
        revision.IsControlledBy(configuration)
        && (GenerationOf(revision) == configuration.Metadata.Generation
            || RawJson.Same(revision.RawField("spec"), RawJson.Field(Template(configuration), "spec")));

    public static long GenerationOf(Resource revision) =>
        long.TryParse(revision.Metadata.Label(ServingNames.ConfigurationGeneration), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? generation
            : 0;

    /// <summary>The Revisions of a Configuration, newest generation first.</summary>
    public static List<Resource> Of(IResourceStore store, Resource configuration) =>
        [.. store.List(Kinds.Revision, configuration.Namespace).Items
            .Where(revision => revision.IsControlledBy(configuration))
            .OrderByDescending(GenerationOf)];

    public static Resource Draft(Resource configuration, DateTimeOffset now)
    {
        var template = Template(configuration);
        var given = RawJson.Field(template, "metadata");
        var metadata = given.IsEmpty ? new TemplateMetadata() : Metadata(given);
        var generation = configuration.Metadata.Generation.ToString(CultureInfo.InvariantCulture);

        // The template's own labels and annotations, never the Configuration's: those may change without a new Revision.
        var labels = new Dictionary<string, string>(metadata.Labels ?? [], StringComparer.Ordinal)
        {
            [ServingNames.Configuration] = configuration.Name,
            [ServingNames.ConfigurationGeneration] = generation,
            [ServingNames.ConfigurationUid] = configuration.Uid,
            [ServingNames.RoutingState] = ServingNames.RoutingPending,
        };
        CopyLabel(configuration, labels, ServingNames.Service);
        CopyLabel(configuration, labels, ServingNames.ServiceUid);

        var annotations = new Dictionary<string, string>(metadata.Annotations ?? [], StringComparer.Ordinal)
        {
            [ServingNames.RoutingStateModified] = Wire(now),
        };

        // The one who changed the template is who made this Revision.
        if ((configuration.Metadata.Annotation(ServingNames.LastModifier) ?? configuration.Metadata.Annotation(ServingNames.Creator)) is { } creator)
        {
            annotations[ServingNames.Creator] = creator;
        }

        if (configuration.Metadata.Annotation(ServingNames.Routes) is { } routes)
        {
            annotations[ServingNames.Routes] = routes;
        }

        var draft = new ObjectMeta
        {
            Name = NameOf(configuration),
            Namespace = configuration.Namespace,
            Labels = labels,
            Annotations = annotations,
            OwnerReferences = [Ownership.By(configuration)],
        };
        return new Resource(Kinds.Revision, draft, "{}"u8.ToArray()).WithRaw("spec", RawJson.Field(template, "spec"));
    }

    public static string Wire(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(TimestampConverter.Format, CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Template(Resource configuration) => RawJson.Field(configuration.RawField("spec"), "template");

    private static TemplateMetadata Metadata(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize(RawJson.Object("metadata", json).Span, KindsJson.Default.Template)?.Metadata ?? new TemplateMetadata();

    private static void CopyLabel(Resource from, Dictionary<string, string> labels, string name)
    {
        if (from.Metadata.Label(name) is { } value)
        {
            labels[name] = value;
        }
    }
}
