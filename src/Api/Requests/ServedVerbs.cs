using Slipway.Model.Resources;

namespace Slipway.Api.Requests;

/// <summary>What users may do with each kind. Discovery publishes exactly this and the dispatcher refuses the rest.</summary>
internal static class ServedVerbs
{
    private static readonly Verb[] s_all = Enum.GetValues<Verb>();
    private static readonly Verb[] s_read = [Verb.Get, Verb.List, Verb.Watch];
    private static readonly Verb[] s_readAndDelete = [.. s_read, Verb.Delete, Verb.DeleteCollection];

    public static IReadOnlyList<Verb> Of(ResourceKind kind) =>
        kind == Kinds.Event || kind == Kinds.CoreService ? s_read
        : kind == Kinds.Pod ? s_readAndDelete
        : s_all;

    /// <summary>Kinds whose status is written beside the object, never through it.</summary>
    public static bool HasStatus(ResourceKind kind) =>
        !(kind == Kinds.Secret || kind == Kinds.ConfigMap || kind == Kinds.ServiceAccount || kind == Kinds.Event);

    /// <summary>Kinds whose status users may write through <c>/status</c>.</summary>
    public static bool StatusIsWritable(ResourceKind kind) =>
        HasStatus(kind) && kind != Kinds.Pod && kind != Kinds.CoreService;
}
