namespace Slipway.Model.Schema;

/// <summary>The words schemas are written in.</summary>
internal static class Define
{
    public static Field Text(string name, string description) => new(name, new Shape(ShapeType.Text, description));

    public static Field Choice(string name, string description, params string[] choices) =>
        new(name, new Shape(ShapeType.Text, description) { Choices = choices });

    public static Field Time(string name, string description) =>
        new(name, new Shape(ShapeType.Text, description) { Format = "date-time" });

    public static Field Int(string name, string description) =>
        new(name, new Shape(ShapeType.Integer, description) { Format = "int32" });

    public static Field Long(string name, string description) =>
        new(name, new Shape(ShapeType.Integer, description) { Format = "int64" });

    public static Field Number(string name, string description) =>
        new(name, new Shape(ShapeType.Number, description) { Format = "double" });

    public static Field Flag(string name, string description) => new(name, new Shape(ShapeType.Boolean, description));

    public static Field Quantity(string name, string description) => new(name, new Shape(ShapeType.Quantity, description));

    public static Field Port(string name, string description) => new(name, new Shape(ShapeType.IntOrString, description));

    public static Field Anything(string name, string description) => new(name, new Shape(ShapeType.Any, description));

    public static Field Object(string name, string description, params Field[] fields) =>
        new(name, new Shape(ShapeType.Object, description, fields));

    public static Field TextMap(string name, string description) =>
        new(name, new Shape(ShapeType.Map, description, items: new Shape(ShapeType.Text, "A value.")));

    public static Field BytesMap(string name, string description) =>
        new(name, new Shape(ShapeType.Map, description, items: new Shape(ShapeType.Text, "A value, base64.") { Format = "byte" }));

    public static Field QuantityMap(string name, string description) =>
        new(name, new Shape(ShapeType.Map, description, items: new Shape(ShapeType.Quantity, "An amount.")));

    public static Field Texts(string name, string description) =>
        new(name, new Shape(ShapeType.List, description, items: new Shape(ShapeType.Text, "An item.")));

    public static Field Ints(string name, string description) =>
        new(name, new Shape(ShapeType.List, description, items: new Shape(ShapeType.Integer, "An item.") { Format = "int32" }));

    /// <summary>A list that every merge replaces whole.</summary>
    public static Field List(string name, string description, params Field[] item) =>
        new(name, new Shape(ShapeType.List, description, items: new Shape(ShapeType.Object, "An item.", item)));

    /// <summary>A list whose items strategic merge and server-side apply both identify by <paramref name="key"/>.</summary>
    public static Field ListBy(string key, string name, string description, params Field[] item) =>
        new(name, new Shape(ShapeType.List, description, items: new Shape(ShapeType.Object, "An item.", item))
        {
            PatchKey = key,
            ApplyMerge = ListMerge.Keyed,
            ApplyKeys = [key],
        });

    public static Field Required(this Field field) => field with { Required = true };

    public static Field Gated(this Field field) => field with { Gated = true };

    /// <summary>The same list, but server-side apply replaces it whole.</summary>
    public static Field AtomicForApply(this Field field) => field with
    {
        Shape = new Shape(field.Shape.Type, field.Shape.Description, items: field.Shape.Items) { PatchKey = field.Shape.PatchKey },
    };

    /// <summary>The same list with other identities: one field for strategic merge, several for server-side apply.</summary>
    public static Field Keyed(this Field field, string patchKey, params string[] applyKeys) => field with
    {
        Shape = new Shape(field.Shape.Type, field.Shape.Description, items: field.Shape.Items)
        {
            PatchKey = patchKey,
            ApplyMerge = ListMerge.Keyed,
            ApplyKeys = applyKeys,
        },
    };

    public static Field SetOfTexts(string name, string description) =>
        new(name, new Shape(ShapeType.List, description, items: new Shape(ShapeType.Text, "An item."))
        {
            ApplyMerge = ListMerge.Set,
            PatchMergesPrimitives = true,
        });
}
