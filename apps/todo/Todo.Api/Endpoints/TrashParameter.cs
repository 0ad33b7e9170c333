using Slipway.Sdk.Requests;

namespace Todo.Api.Endpoints;

/// <summary>The parameter with which a single todo or list is found although it lies in the trash.</summary>
internal static class TrashParameter
{
    public const string Name = "deleted";
    public const string About = "include finds it in the trash as well.";

    private const string Include = "include";

    public static bool Read(Query query)
    {
        var asked = query.Text(Name);
        if (asked is not (null or Include))
        {
            query.Wrong(Name, "notOneOf", "deleted must be include.");
        }

        return asked is not null;
    }
}
