using Slipway.Sdk.Problems;

namespace Titanic.Api.Transfer;

/// <summary>What the columns of a table mean. Two files of the passenger list are well known, each with names of its own; this service's names are understood too.</summary>
internal static class FileLayout
{
    public const string Auto = "auto";
    public const string Kaggle = "kaggle";
    public const string Stanford = "stanford";
    public const string Own = "titanic";

    /// <summary>The columns of an export: the file most tools know.</summary>
    public static readonly string[] KaggleColumns = ["PassengerId", "Survived", "Pclass", "Name", "Sex", "Age", "SibSp", "Parch", "Ticket", "Fare", "Cabin", "Embarked"];

    private static readonly string[] s_fields =
        ["passengerId", "survived", "passengerClass", "name", "sex", "age", "siblingsOrSpousesAboard", "parentsOrChildrenAboard", "ticket", "fare", "cabin", "embarked"];

    private static readonly string[] s_stanford = ["Survived", "Pclass", "Name", "Sex", "Age", "Siblings/Spouses Aboard", "Parents/Children Aboard", "Fare"];

    private static readonly string[] s_stanfordFields = ["survived", "passengerClass", "name", "sex", "age", "siblingsOrSpousesAboard", "parentsOrChildrenAboard", "fare"];

    private static readonly string[] s_required = ["survived", "passengerClass", "name", "sex"];

    public static readonly string[] Names = [Auto, Kaggle, Stanford, Own];

    /// <summary>The layout a head line has, and the field each of its columns is.</summary>
    public static Outcome<(string Layout, string[] Fields)> Read(string wanted, IReadOnlyList<string> head)
    {
        foreach (var (layout, columns, fields) in new[] { (Kaggle, KaggleColumns, s_fields), (Stanford, s_stanford, s_stanfordFields), (Own, s_fields, s_fields) })
        {
            if (wanted is not Auto && wanted != layout)
            {
                continue;
            }

            var found = head.Select(name => Array.FindIndex(columns, column => column.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase))).ToList();
            if (found.Contains(-1) || found.Distinct().Count() != found.Count)
            {
                continue;
            }

            var read = found.Select(at => fields[at]).ToArray();
            if (s_required.All(read.Contains))
            {
                return (layout, read);
            }
        }

        return new Problem(400, "unreadableFile", "The file cannot be read", $"The first line must name columns of a known layout, such as {string.Join(',', KaggleColumns)}. Survived, Pclass, Name and Sex must be among them.");
    }
}
