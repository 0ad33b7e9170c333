using System.Text.Json;

namespace Slipway.Model.Decoding;

/// <summary>
/// Finds keys that stand twice in one object. Trees keep only one of them, so this looks at the bytes before any tree
/// is built.
/// </summary>
public static class DuplicateFields
{
    /// <summary>Deeper nesting than this is not a manifest; the reader refuses it.</summary>
    public const int DepthMax = 64;

    /// <summary>Each repeated key once, in document order. The bytes must be one JSON value; else JsonException.</summary>
    public static IReadOnlyList<FieldProblem> Find(ReadOnlySpan<byte> json)
    {
        var problems = new List<FieldProblem>();
        var scopes = new Stack<Scope>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    scopes.Push(new Scope(Here(scopes), reader.TokenType == JsonTokenType.StartArray));
                    break;
                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    scopes.Pop();
                    ValueEnded(scopes);
                    break;
                case JsonTokenType.PropertyName:
                    var scope = scopes.Peek();
                    scope.Name = reader.GetString()!;
                    if (!scope.Seen.Add(scope.Name) && scope.Reported.Add(scope.Name))
                    {
                        problems.Add(FieldProblem.Duplicate(Here(scopes)));
                    }

                    break;
                default:
                    ValueEnded(scopes);
                    break;
            }
        }

        return problems;
    }

    private static string Here(Stack<Scope> scopes)
    {
        if (!scopes.TryPeek(out var scope))
        {
            return "";
        }

        return scope.IsArray ? FieldPath.Index(scope.Path, scope.Index) : FieldPath.Member(scope.Path, scope.Name);
    }

    private static void ValueEnded(Stack<Scope> scopes)
    {
        if (scopes.TryPeek(out var scope) && scope.IsArray)
        {
            scope.Index++;
        }
    }

    private sealed class Scope(string path, bool isArray)
    {
        public string Path { get; } = path;

        public bool IsArray { get; } = isArray;

        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Reported { get; } = new(StringComparer.Ordinal);

        public string Name { get; set; } = "";

        public int Index { get; set; }
    }
}
