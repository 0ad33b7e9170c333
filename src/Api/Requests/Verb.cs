namespace Slipway.Api.Requests;

/// <summary>What a caller wants to do with a resource, in the words of access rules and discovery.</summary>
internal enum Verb
{
    Get,
    List,
    Watch,
    Create,
    Update,
    Patch,
    Delete,
    DeleteCollection,
}

internal static class VerbNames
{
    public static string Text(this Verb verb) => verb.ToString().ToLowerInvariant();

    public static bool Reads(this Verb verb) => verb is Verb.Get or Verb.List or Verb.Watch;
}
