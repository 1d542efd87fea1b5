// SPDX-License-Identifier: GPL-2.0
/*
 * The mappings of a file by the pages they cover: a search tree over the first
 * page, without the balancing of the real one.
 */
#include <linux/mm.h>

static unsigned long vma_start_pgoff(struct vm_area_struct *v)
{
	return v->vm_pgoff;
}

static unsigned long vma_last_pgoff(struct vm_area_struct *v)
{
	return v->vm_pgoff + vma_pages(v) - 1;
}

static struct vm_area_struct *vma_of(struct rb_node *node)
{
	return container_of(node, struct vm_area_struct, shared.rb);
}

static struct rb_node *rb_parent(const struct rb_node *node)
{
	return (struct rb_node *)node->__rb_parent_color;
}

void vma_interval_tree_insert(struct vm_area_struct *node, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (vma_start_pgoff(node) < vma_start_pgoff(vma_of(parent))) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	node->shared.rb.__rb_parent_color = (unsigned long)parent;
	node->shared.rb.rb_left = NULL;
	node->shared.rb.rb_right = NULL;
	node->shared.rb_subtree_last = vma_last_pgoff(node);
	*link = &node->shared.rb;
	if (leftmost)
		root->rb_leftmost = &node->shared.rb;
}

/* The node behind this one in order of the first page. */
static struct rb_node *rb_next(struct rb_node *node)
{
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return node;
	}
	while (rb_parent(node) && node == rb_parent(node)->rb_right)
		node = rb_parent(node);
	return rb_parent(node);
}

static struct vm_area_struct *first_overlap(struct rb_node *node, unsigned long start,
					    unsigned long last)
{
	for (; node; node = rb_next(node)) {
		struct vm_area_struct *vma = vma_of(node);

		if (vma_start_pgoff(vma) > last)
			return NULL;
		if (vma_last_pgoff(vma) >= start)
			return vma;
	}
	return NULL;
}

struct vm_area_struct *vma_interval_tree_iter_first(struct rb_root_cached *root,
						    unsigned long start, unsigned long last)
{
	return first_overlap(root->rb_leftmost, start, last);
}

struct vm_area_struct *vma_interval_tree_iter_next(struct vm_area_struct *node,
						   unsigned long start, unsigned long last)
{
	return first_overlap(rb_next(&node->shared.rb), start, last);
}
