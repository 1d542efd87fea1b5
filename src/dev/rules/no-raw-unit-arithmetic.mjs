// Own lint rule: operators on values with a unit are allowed in src/base/units.ts alone.

const EQUALITY = new Set(['===', '!==']);

export const noRawUnitArithmetic = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { raw: "'{{op}}' on a value with a unit: use the functions of src/base/units.ts" },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    const hasUnit = (node) =>
      checker
        .getTypeAtLocation(esTreeNodeToTSNodeMap.get(node))
        .getProperties()
        .some((property) => /^__@(unit|axis)@/.test(String(property.escapedName)));
    const check = (node, operands) => {
      if (operands.some(hasUnit)) context.report({ node, messageId: 'raw', data: { op: node.operator } });
    };
    return {
      BinaryExpression(node) {
        if (!EQUALITY.has(node.operator)) check(node, [node.left, node.right]);
      },
      AssignmentExpression(node) {
        if (node.operator !== '=') check(node, [node.left, node.right]);
      },
      UnaryExpression(node) {
        if (node.operator !== 'typeof' && node.operator !== '!') check(node, [node.argument]);
      },
      UpdateExpression(node) {
        check(node, [node.argument]);
      },
    };
  },
};
