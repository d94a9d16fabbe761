"""At the door of everything: the one error that a setting outside its rule raises, and its closed table of rules.

Every rule has a code. The English sentence here is for Python users; readers of the app get the sentence of the
same code, with the same holes, from the `[errors]` tables of `cnnviz/i18n`.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # numbers as such
    "not_whole": "`{name}` (={value}) must be made of whole numbers",
    "not_a_number": "`{name}` (={value}) must be a number",
    "below_one": "`{name}` (={value}) must be at least 1",
    "negative": "`{name}` (={value}) must not be negative",
    "wrong_length": "`{name}` (={value}) must be one number or one for each of the {axes} spatial axes",
    "kernel_axes": "`kernel_size` (={value}) must have 1, 2 or 3 axes",
    # words
    "unknown_padding": "`padding` (={value}) must be a number, one per axis, (before, after) pairs, "
    "or one of {allowed}",
    "unknown_choice": "`{name}` (={value}) must be one of {allowed}",
    # channels
    "groups_divide_in_channels": "`in_channels` (={in_channels}) must be divisible by `groups` (={groups})",
    "groups_divide_out_channels": "`out_channels` (={out_channels}) must be divisible by `groups` (={groups})",
    # windows and padding
    "kernel_exceeds_input": "`kernel_size` (={kernel_size}, spanning {effective} with dilation {dilation}) "
    "must fit into the padded input (={padded}) of axis {axis}",
    "reflect_too_wide": "`padding` (={padding}) must be smaller than the input (={size}) of axis {axis} "
    "when `padding_mode` is 'reflect'",
    "circular_too_wide": "`padding` (={padding}) must not exceed the input (={size}) of axis {axis} "
    "when `padding_mode` is 'circular'",
    "pool_padding_over_half": "`padding` (={padding}) must be at most half of `kernel_size` (={kernel_size}) "
    "on axis {axis}",
    "output_padding_too_wide": "`output_padding` (={output_padding}) must be smaller than `stride` (={stride}) "
    "or `dilation` (={dilation}) on axis {axis}",
    "output_below_one": "`padding` (={padding}) must leave at least 1 output element on axis {axis}, "
    "where it would leave {output}",
    "norm_type": "`norm_type` (={value}) must be a finite number above 0",
    # arrays
    "not_an_array": "`{name}` must be a tensor, an array or nested lists of real numbers, with rows of one length",
    "input_axes": "`input` (shape {shape}) must have {unbatched} axes (channels first) or {batched} (batch first)",
    "size_axes": "`size` (={size}) must have one number for each of the {axes} spatial axes",
    "empty_axis": "`input` (shape {shape}) must have at least 1 element on every axis",
    "in_channels_differ": "`input` (with {channels} channels) must have `in_channels` (={in_channels}) channels",
    "weight_axes": "`weight` (shape {shape}) must have 3, 4 or 5 axes: two for channels and one for each spatial axis",
    "weight_missing": "`weight` (=None) must be given for `op` {op}",
    "pool_axes": "`input` (shape {shape}) must have 3, 4 or 5 axes (batch, channel, spatial) "
    "when `kernel_size` is one number",
    "weight_shape": "`weight` (shape {shape}) must have shape {expected}",
    "bias_shape": "`bias` (shape {shape}) must have shape {expected}",
    "at_axes": "`{name}` (={at}) must have {unbatched} numbers (channel first) or {batched} (batch first)",
    "at_needs_batch": "`{name}` (={at}) must name the batch element first, because `input` has {batch} of them",
    "at_outside": "`{name}` (={at}) must lie inside the shape {shape}",
    "indices_need_max": "`return_indices` (=True) must go with `kind` 'max', not {kind}",
    "too_large": "`{name}` (={elements} elements) must have at most {limit} elements",
    # kernels as text and as numbers
    "kernel_text_empty": "`text` must hold at least one number",
    "kernel_text_long": "`text` (of {length} characters) must have at most {limit} characters",
    "kernel_text_word": "`text` (={word} in row {row}, column {column}) must hold numbers such as 1, -0.5 or 1/9 only",
    "kernel_text_ragged": "`text` (with {count} numbers in row {row}) must have {expected} in every row, as in row 1",
    "kernel_text_comma": "`text` (={text}) must use its commas either between numbers or as decimal points: "
    "write decimals with a point, or put tabs between numbers",
    "kernel_too_large": "`matrix` (={rows} x {columns}) must be at most {limit} x {limit}",
    "kernel_weight_too_large": "`text` (={value} in row {row}, column {column}) must be a finite number "
    "between -{limit} and {limit}",
    "kernel_not_a_matrix": "`matrix` (shape {shape}) must have rows and columns, at least one of each",
    "kernel_not_finite": "`matrix` must hold finite numbers only, no NaN and no infinity",
    "kernel_all_zero": "`matrix` (with every weight 0) must have a weight other than 0 to be normalised",
    "parameter_outside": "`{name}` (={value}) must lie between {low} and {high}",
    # layers, chains and graphs
    "not_a_layer": "`layers` (with {value}) must hold layers, or dicts with a `type`",
    "no_layers": "`layers` (={value}) must be a list of at least 1 layer",
    "input_shape": "`input_shape` (={value}) must list the length of every axis of the input",
    "unknown_field": "`{field}` must be left out of a {kind} layer, which takes {allowed}",
    "missing_field": "`{field}` must be given for a {kind} layer",
    "layer_axes": "`input` of a {kind} layer (shape {shape}) must have batch, channels and {axes} spatial axes",
    "num_features_differ": "`input` (with {channels} channels) must have `num_features` (={num_features}) channels",
    "in_features_differ": "`in_features` (={in_features}) must equal the last axis of the input "
    "(={features}, of shape {shape})",
    "flatten_axes": "`start_dim` (={start}) and `end_dim` (={end}) must be axes of the input (shape {shape}), "
    "in this order",
    "add_shapes": "`inputs` of an add layer (shapes {shapes}) must all have the same shape",
    "concat_shapes": "`inputs` of a concat layer (shapes {shapes}) must agree on every axis but the channels",
    "connections": "`connections` (={value}) must list, for every filter, the numbers of the input maps it reads, "
    "each once",
    "images_shape": "`{name}` (shape {shape}) must have shape {expected}",
    "name_taken": "`name` (={name}) must be used by one layer only, and not be 'input'",
    "unknown_input": "`inputs` of `{name}` (={input}) must be layers that come before it, or 'input'",
    "one_input": "`inputs` of `{name}` (={inputs} of them) must be one, because {kind} joins nothing",
    "layer_breaks": "layer {number} (`{name}`), with an input of shape {shape}, must keep its rule: {rule}",
    "needs_input_size": "`input_size` must be given, because the windows of a {kind} layer depend on it",
    "misaligned_jumps": "the branches that meet at `{name}` must take equal steps over the input, "
    "not {jumps} pixels on axis {axis}",
    "misaligned_starts": "the branches that meet at `{name}` must have their first unit over the same place "
    "of the input, not at {starts} pixels on axis {axis}",
    "input_shape_missing": "`input_shape` must be given, (N, C, *spatial): these layers do not say what they are for",
    "unknown_layer": "`layer` (={value}) must be the name or the number of a layer",
    "output_size_axes": "`output_size` (={value}) must be one number, or one or None for each of 1, 2 or 3 axes",
    "indices_shape": "`indices` (shape {shape}) must be whole numbers in the shape of `input` {expected}",
    "indices_outside": "`indices` (from {smallest} to {largest}) must lie inside a plane of the output (size {size})",
    "gradient_shape": "`gradient` (shape {shape}) must have the shape of the output {expected}",
    "too_many_settings": "`bounds` (={tried} settings) must leave at most {limit} settings to try",
    # networks and their files
    "weights_missing": "`{file}` must exist",
    "weights_too_large": "`{file}` (={size} bytes) must have at most {limit} bytes",
    "weights_truncated": "`{file}` must be complete: its end is missing",
    "weights_malformed": "`{file}` must be a safetensors file of numbers whose places fill it exactly",
    "weights_lack": "`{file}` must hold `{name}`, as the network does",
    "weights_extra": "`{file}` must not hold `{name}`, which the network lacks",
    "weights_shape": "`{name}` in `{file}` (shape {shape}) must have shape {expected}",
    "weights_dtype": "`{name}` in `{file}` (of type {dtype}) must be of type {expected}",
    "weights_not_finite": "`{name}` in `{file}` must hold finite numbers only, no NaN and no infinity",
    "recording_malformed": "`{file}` must be a recording of a training run, with all its parts",
    "checkpoint_malformed": "`{file}` must be a checkpoint of a training run, with all its parts",
    "checkpoint_of_another": "`{file}` must be a checkpoint of this recipe and seed",
    "guided_needs_relu": "`net` (with {function}) must have ReLU for every activation, because guided "
    "backpropagation is defined by it",
    "data_missing": "{file} must lie in {folder}: set CNNVIZ_DATA to the folder above it, or download it",
    "data_damaged": "{file} must be the official file, but its content has another checksum or size",
    "data_malformed": "{file} must be an IDX file of unsigned bytes, complete to the byte",
    "data_offline": "{file} could not be fetched from {home}: this machine is offline, or that site is down",
    "per_channel": "`{name}` (={value}) must be one number or one for each of the {channels} channels",
    "unit_outside": "`unit` (={unit}) must lie inside the units of `{name}` (={units})",
}


class InvalidSpec(ValueError):  # noqa: N818 (the name is the API's; it reads as what it reports)
    """A setting outside its rule: `code` names the rule, `values` fill the holes of its sentence.

    >>> error = InvalidSpec("groups_divide_in_channels", in_channels=3, groups=2)
    >>> error.code, error.values
    ('groups_divide_in_channels', {'in_channels': 3, 'groups': 2})
    >>> print(error)
    `in_channels` (=3) must be divisible by `groups` (=2)
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(MESSAGES[code].format(**values))

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling (worker processes, caches), which would call `InvalidSpec(sentence)`."""
        return _rebuild, (self.code, self.values)


def _rebuild(code: str, values: dict[str, object]) -> InvalidSpec:
    return InvalidSpec(code, **values)
